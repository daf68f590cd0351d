#!/usr/bin/env node
import { run } from './run.ts';

// A reader that goes away (`konghao catalogue | head`) is no reason to fail, and none to stop serving.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
process.exitCode = await run(process.argv.slice(2));
