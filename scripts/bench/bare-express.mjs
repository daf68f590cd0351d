import express from 'express';

const app = express();
app.get('/', (_request, response) => void response.send('x'));
const server = app.listen(0, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${server.address().port}\n`));
