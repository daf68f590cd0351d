// The two that konghao is measured beside: node:http alone, which is as fast as one Node process gets, and Express 5
// as its documentation writes it. Each answers what konghao answers, without doing anything for it.
//   node scripts/bench/servers.mjs raw|express '{"/path": "body"}'
import { createServer } from 'node:http';

const [kind, json] = process.argv.slice(2);
const answers = JSON.parse(json);
const bodyOf = (path) => answers[path] ?? '{}';

if (kind === 'raw') {
  const server = createServer((request, response) => {
    const question = request.url.indexOf('?');
    const body = bodyOf(question === -1 ? request.url : request.url.slice(0, question));
    const answer = () => {
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) });
      response.end(body);
    };
    if (request.method === 'GET') answer();
    else request.on('data', () => {}).on('end', answer);
  });
  server.listen(0, '127.0.0.1', () => process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${server.address().port}` })}\n`));
} else {
  const { default: express } = await import('express');
  const app = express();
  app.use(express.json(), express.urlencoded({ extended: false }));
  for (const [path, body] of Object.entries(answers)) {
    const value = JSON.parse(body);
    app.all(path, (_request, response) => void response.json(value));
  }
  const server = app.listen(0, '127.0.0.1', () => process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${server.address().port}` })}\n`));
}
