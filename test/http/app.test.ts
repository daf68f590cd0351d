import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { createApp } from '../../src/http/app.ts';

const answering = () =>
  createApp((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end('{}');
  });

describe('the Express application', () => {
  it('adds no header of its own', async () => {
    const { headers } = await request(answering()).get('/').expect(200);
    expect(Object.keys(headers).sort()).toEqual(['connection', 'content-type', 'date', 'transfer-encoding']);
  });

  it('answers no conditional request with 304', async () => {
    await request(answering()).get('/').set('If-None-Match', '*').expect(200);
  });

  it('gives requests and responses the prototypes that Express would set', async () => {
    const seen: boolean[] = [];
    const server = createApp((incoming, response) => {
      seen.push('app' in incoming, typeof (response as unknown as { json: unknown }).json === 'function');
      response.end();
    });
    await request(server).get('/').expect(200);
    expect(seen).toEqual([true, true]);
  });
});
