import type { Reading } from '../provider.ts';

export const readings: readonly Reading[] = [
  { name: 'acedata.missingAuth', values: ['invalid-token', 'no-token', 'authorization-missing', 'payment-required'], why: 'the guide covers it with 401, platform pages say 400 no_token, newer ones 402' },
  { name: 'acedata.missingField', values: ['token-mismatched', 'api-not-implemented', 'bad-request'], why: 'the guide calls the first two "missing or invalid parameters", and platform pages use bad_request' },
  { name: 'acedata.errorEnvelope', values: ['success-false', 'by-origin', 'without-success'], why: "the guide's sample has success:false, and platform pages say that errors never have it" },
  { name: 'acedata.tokenMismatchedStatus', values: ['400', '401'], why: 'the guide says 400 and platform pages 401' },
  { name: 'acedata.locale', values: ['en', 'zh'], why: 'the guide is a translated page, and its Chinese original shows Chinese answers' },
  { name: 'acedata.check3eCodes', values: ['guide', 'upstream'], why: "the guide's table is that of another endpoint upstream" },
  { name: 'acedata.badIdCard', values: ['mismatch', 'missing-field'], why: 'the guide has no code for an ID number that cannot be one' },
  { name: 'acedata.statusCodeType', values: ['number', 'string'], why: 'the sample shows a number and the OpenAPI file says string' },
  { name: 'acedata.vacantStatus', values: ['3', '2', '4'], why: '3 exists here and not upstream' },
];
