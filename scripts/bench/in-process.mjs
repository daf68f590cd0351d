// What a test pays: the import, and then, when warm, from listening to the first answer, beside raw node:http.
import { createServer, get } from 'node:http';

const began = performance.now();
const { startSimulator } = await import('../../dist/index.js');
const imported = performance.now() - began;

const answer = (url) => new Promise((resolve, reject) => get(url, { agent: false }, (response) => response.resume().on('end', resolve)).on('error', reject));

async function simulator() {
  const from = performance.now();
  const running = await startSimulator();
  await answer(`${running.url}/balance?apikey=7c11272au708345c834b8ue81ac78972`);
  const took = performance.now() - from;
  await running.close();
  return took;
}

async function raw() {
  const from = performance.now();
  const server = createServer((_request, response) => response.end('{}'));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  await answer(`http://127.0.0.1:${server.address().port}/`);
  const took = performance.now() - from;
  server.close();
  return took;
}

const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
const own = [];
const others = [];
for (let i = 0; i < 9; i += 1) {
  const [a, b] = [await simulator(), await raw()];
  if (i < 3) continue;
  own.push(a);
  others.push(b);
}
process.stdout.write(JSON.stringify({ imported, answered: median(own), raw: median(others) }));
process.exit(0);
