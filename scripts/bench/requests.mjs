// One good request for each provider, as bytes, and what the servers beside konghao answer to it.
import { createHash, createHmac } from 'node:crypto';

const http = (port, line, headers, body = '') =>
  Buffer.from(`${line} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${headers}${body === '' ? '' : `Content-Length: ${Buffer.byteLength(body)}\r\n`}\r\n${body}`);

const form = 'Content-Type: application/x-www-form-urlencoded\r\n';
const json = 'Content-Type: application/json\r\n';
const sha256 = (text) => createHash('sha256').update(text).digest('hex');
const hmac = (key, text) => createHmac('sha256', key).update(text).digest();

function tc3(port) {
  const body = '{"Mobile":"13972565391"}';
  const timestamp = String(Math.floor(Date.now() / 1000));
  const date = new Date(timestamp * 1000).toISOString().slice(0, 10);
  const canonical = `POST\n/\n\ncontent-type:application/json\nhost:127.0.0.1:${port}\n\ncontent-type;host\n${sha256(body)}`;
  const toSign = `TC3-HMAC-SHA256\n${timestamp}\n${date}/faceid/tc3_request\n${sha256(canonical)}`;
  const signature = hmac(hmac(hmac(hmac('TC3sandboxSecretKey', date), 'faceid'), 'tc3_request'), toSign).toString('hex');
  const authorization = `TC3-HMAC-SHA256 Credential=AKIDkonghaoSandbox/${date}/faceid/tc3_request, SignedHeaders=content-type;host, Signature=${signature}`;
  return http(port, 'POST /', `X-TC-Action: MobileStatus\r\nX-TC-Version: 2018-03-01\r\nX-TC-Timestamp: ${timestamp}\r\n${json}Authorization: ${authorization}\r\n`, body);
}

export const requests = [
  {
    name: 'QXT',
    path: '/ssPhone_Status',
    target: 0.6,
    times: 4,
    answer: '{"code":0,"reason":"Succ","result":{"Mobile":"13972565391","Status":"正常","Area":"湖北-宜昌","Is_MNP":"0","Init_isp":"中国移动","Now_isp":"中国移动"}}',
    request: (port) => http(port, 'GET /ssPhone_Status?apikey=7c11272au708345c834b8ue81ac78972&mobile=13972565391', ''),
  },
  {
    name: 'ALAPI',
    path: '/api/phonecheck',
    target: 0.6,
    times: 4,
    answer: '{"code":200,"msg":"success","data":[{"area":"山西-临汾","mobile":"13111111111","number_type":"中国联通","status":1,"status_name":"实号"}],"time":1720243235,"usage":1,"log_id":"0"}',
    request: (port) => http(port, 'POST /api/phonecheck', form, 'token=sandbox-alapi-token&mobiles=13111111111'),
  },
  {
    name: 'AceData',
    path: '/identity/phone/check-1e',
    target: 0.6,
    times: 4,
    answer: '{"result":"0","description":"Success","status_code":0}',
    request: (port) => http(port, 'POST /identity/phone/check-1e', `authorization: Bearer sandbox-acedata-token\r\n${json}`, '{"mobile":"13972565391"}'),
  },
  {
    name: 'Tencent with TC3 verified',
    path: '/',
    times: 2.5,
    answer: '{"Response":{"Description":"Success","RequestId":"c1b41afd-e1c1-4611-a993-e90c382fa76e","Result":"0","StatusCode":0}}',
    request: tc3,
  },
];

const numbers = Array.from({ length: 2000 }, (_, i) => `139${String(12_340_000 + i * 37)}`).join(',');
export const batch = (port) => http(port, 'POST /api/phonecheck', form, `token=sandbox-alapi-token&mobiles=${numbers}`);
