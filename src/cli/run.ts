/** Runs one command line and says with which code to exit. Each command is loaded when it is called. */
export async function run(words: readonly string[]): Promise<number> {
  const [command = 'serve', ...rest] = words;
  switch (command) {
    case 'serve':
      return (await import('./serve.ts')).serve(rest);
    default:
      return (await import('./serve.ts')).serve(words);
  }
}
