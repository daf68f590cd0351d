// What a test pays: the import, and then, the second time, from listening to the first answer.
const began = performance.now();
const { startSimulator } = await import('../../dist/index.js');
const imported = performance.now() - began;

const ask = async () => {
  const from = performance.now();
  const simulator = await startSimulator();
  const answer = await fetch(`${simulator.url}/balance?apikey=7c11272au708345c834b8ue81ac78972`);
  await answer.text();
  const took = performance.now() - from;
  await simulator.close();
  return took;
};
await ask();
await ask();
process.stdout.write(JSON.stringify({ imported, answered: await ask() }));
process.exit(0);
