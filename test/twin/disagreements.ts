/** One place where konghao and the twin read the documents differently. */
export interface Disagreement {
  /** `endpoint: name` of each request that shows it; `*` stands for any run of characters. */
  readonly requests: readonly string[];
  /** Of a `Difference`: `outcome` where HTTP status or code differ, else the place of the value; `*` as above. */
  readonly field: string;
  readonly ours: string;
  readonly twin: string;
  /** Where the documents leave it open. */
  readonly why: string;
  /** The reading of konghao, and the value, under which the two agree. */
  readonly settledBy?: { readonly reading: string; readonly value: string };
}

/**
 * All that the two servers disagree about under konghao's default readings.
 *
 * A row marks a sentence that the documents do not have, or that one of the two follows more strictly. Where a document
 * plainly decides for one of them, the other is repaired instead.
 */
export const DISAGREEMENTS: readonly Disagreement[] = [
  {
    requests: ['acedata/check-1e: daily limit of a number'],
    field: 'outcome', ours: '200 0', twin: '429 too_many_requests',
    why: "check-1e's result codes have no daily limit: konghao has no word for it and answers from the world, the twin takes the nearest error.",
  },
  {
    requests: ['acedata/check-1e: empty encryption', 'acedata/check-3e: empty encrypt_list'],
    field: 'outcome', ours: '400 token_mismatched', twin: '200 0',
    why: 'The request bodies call encryption optional and do not say whether an empty one is an absent or a wrong one.',
  },
  {
    requests: ['acedata/check-1e: broken JSON', 'acedata/check-1e: JSON list', 'acedata/check-1e: no body', 'acedata/check-1e: form instead of JSON', 'acedata/check-3e: broken JSON'],
    field: 'outcome', ours: '400 bad_request', twin: '400 token_mismatched',
    why: 'Error Handling lists its codes "for example" and none for a body that is not JSON; konghao takes the platform\'s own (acedata.missingField is for fields alone).',
  },
  {
    requests: ['acedata/check-*e: GET', 'acedata/check-1e: PUT', 'acedata/check-1e: API that is not there'],
    field: 'outcome', ours: '404 no_api', twin: '400 api_not_implemented',
    why: 'Error Handling has no code for another path or method; its api_not_implemented is explained by parameters, and the platform has no_api.',
  },
  {
    requests: ['acedata/check-3e: consistent, Unicom'],
    field: 'isp', ours: '"China Unicom"', twin: '"Unicom"',
    why: 'The sample of check-3e shows "Mobile" and the guide no other carrier.',
  },
  {
    requests: ['acedata/check-3e: consistent, fourth network'],
    field: 'isp', ours: '""', twin: '"Broadcast"',
    why: 'The sample of check-3e shows "Mobile" and the guide no word for a fourth network.',
  },
  {
    requests: ['acedata/check-3e: consistent, virtual network'],
    field: 'isp', ours: '"China Unicom"', twin: '"Virtual"',
    why: 'The guide of check-3e does not say whether a virtual operator is an isp of its own or the network that carries it.',
  },
  {
    requests: [
      'acedata/check-3e: number without owner',
      'acedata/check-3e: no record',
      'acedata/check-3e: engine*',
      'acedata/check-3e: name verification fails',
      'acedata/check-3e: name with digits',
      'acedata/check-3e: phone too short',
      'acedata/check-3e: phone in a segment that is not issued',
      'acedata/check-3e: daily limit',
    ],
    field: 'isp', ours: '""', twin: 'null',
    why: 'The sample of check-3e shows isp beside a finding only: nothing says whether it is empty or null without one.',
  },
  {
    requests: ['acedata/check-3e: cancelled number'],
    field: 'outcome', ours: '200 -1', twin: '200 0',
    why: "check-3e's result codes do not say whether the last owner of a cancelled number is still on record.",
  },
  {
    requests: ['acedata/check-3e: bad phone and bad name'],
    field: 'outcome', ours: '200 -4', twin: '200 -5',
    why: "check-3e's result codes have no order: konghao judges the name first, the twin the phone.",
  },
  {
    requests: ['acedata/check-3e: id card of 17 characters'],
    field: 'outcome', ours: '200 1', twin: '400 token_mismatched',
    why: "check-3e's result codes have none for an id card that cannot be one; acedata.badIdCard: missing-field agrees here, but also refuses a wrong check digit, which the twin does not compute.",
  },
  {
    requests: ['acedata/check-3e: verify_mode long, inconsistent'],
    field: 'result_detail', ours: '"PhoneNameMismatch"', twin: 'null',
    why: 'The request body of check-3e speaks of a long version and shows neither the value that asks for it nor what it answers.',
  },

  {
    requests: ['tencent/MobileStatus: *'],
    field: 'keys of Response', ours: 'Description RequestId Result StatusCode', twin: 'Result Description StatusCode RequestId',
    why: 'The two examples of MobileStatus have two orders: konghao writes that of the first and the twin that of the second.',
  },
  {
    requests: ['tencent/MobileStatus: TC3: vacant'],
    field: 'outcome', ours: '200 0', twin: '200 -1',
    why: 'StatusCode of MobileStatus has no vacant number; tencent.vacantStatus offers 2 and 4, the twin finds no result.',
  },
  {
    requests: ['tencent/MobileStatus: TC3: GET, parameters out of order'],
    field: 'outcome', ours: '200 UnknownParameter', twin: '200 0',
    why: 'The signature rules put common parameters of v3 into headers, and do not say what becomes of a Region or Language in the query.',
  },
  {
    requests: ['tencent/MobileStatus: TC3: multipart'],
    field: 'outcome', ours: '200 UnsupportedOperation', twin: '200 0',
    why: 'The signature rules allow multipart "for some actions", and MobileStatus does not say whether it is one.',
  },
  {
    requests: ['tencent/MobileStatus: TC3: form'],
    field: 'outcome', ours: '200 UnsupportedOperation', twin: '200 InvalidParameter',
    why: 'Common Error Codes do not say which of them a form under signature v3 gets.',
  },
  {
    requests: ['tencent/MobileStatus: TC3: Token of an account without one'],
    field: 'outcome', ours: '200 AuthFailure.TokenFailure', twin: '200 0',
    why: 'Common Params describe Token for temporary keys, and not what one beside a permanent key does.',
  },
  {
    requests: ['tencent/MobileStatus: TC3: Encryption empty'],
    field: 'outcome', ours: '200 MissingParameter', twin: '200 InvalidParameter.UnsupportEncryptField',
    why: 'The error codes of MobileStatus name no case: an Encryption without a list lacks a parameter as well as a field.',
  },
  {
    requests: ['tencent/MobileStatus: TC3: Encryption without Iv'],
    field: 'outcome', ours: '200 FailedOperation.DecryptSystemError', twin: '200 InvalidParameterValue',
    why: 'The error codes of MobileStatus do not say whether an empty Iv is a wrong value or fails when it is used.',
  },
  {
    requests: ['tencent/MobileStatus: TC3: content type not signed', 'tencent/MobileStatus: TC3: host not signed'],
    field: 'outcome', ours: '200 AuthFailure.SignatureFailure', twin: '200 AuthFailure.InvalidAuthorization',
    why: 'The signature rules make both headers mandatory, and Common Error Codes do not say which failure their absence is.',
  },
  {
    requests: ['tencent/MobileStatus: TC3: no Authorization'],
    field: 'outcome', ours: '200 MissingParameter', twin: '200 AuthFailure.InvalidAuthorization',
    why: 'Common Error Codes call Authorization invalid, and do not say whether a missing one is.',
  },

  {
    requests: ['alapi/phonecheck: no record', 'alapi/phonecheck: six states at once', 'alapi/phonecheck: 2000 numbers'],
    field: 'data.*.area', ours: '"*-*"', twin: '""',
    why: 'The field table gives status 3 no sample: konghao tells the area that the number plan has, the twin none.',
  },
  {
    requests: ['alapi/phonecheck: no record', 'alapi/phonecheck: six states at once', 'alapi/phonecheck: 2000 numbers'],
    field: 'data.*.number_type', ours: '"中国移动"', twin: '""',
    why: 'The field table gives status 3 no sample: konghao tells the carrier that the number plan has, the twin none.',
  },
  {
    requests: ['alapi/phonecheck: ported'],
    field: 'data.0.number_type', ours: '"中国移动"', twin: '"中国电信"',
    why: 'number_type in the field table says nothing on ported numbers.',
    settledBy: { reading: 'alapi.numberType', value: 'current' },
  },
  {
    requests: ['alapi/phonecheck: virtual network'],
    field: 'data.0.number_type', ours: '"中国联通"', twin: '"虚拟运营商"',
    why: 'number_type in the field table says nothing on virtual operators.',
  },
  {
    requests: ['alapi/phonecheck: one bad number among good ones'],
    field: 'outcome', ours: '200 200', twin: '200 422',
    why: 'mobiles in the table of parameters does not say what a bad number does to the others.',
    settledBy: { reading: 'alapi.invalidInBatch', value: 'reject' },
  },
  {
    requests: ['alapi/phonecheck: mobiles twice'],
    field: 'data.0.*', ours: '*', twin: '*',
    why: 'The table of parameters does not say which of two counts: konghao takes the last and the twin the first.',
  },
  {
    requests: ['alapi/phonecheck: token missing', 'alapi/phonecheck: token empty', 'alapi/phonecheck: no body'],
    field: 'outcome', ours: '200 101', twin: '200 100',
    why: 'The codes have a wrong token (100) and an expired account (101) and no missing token.',
    settledBy: { reading: 'alapi.emptyToken', value: '100' },
  },
  {
    requests: ['alapi/phonecheck: JSON, mobiles is a number'],
    field: 'outcome', ours: '200 422', twin: '200 200',
    why: 'The table of parameters calls mobiles a string and shows no JSON, where it could be a number.',
  },
  {
    requests: ['alapi/phonecheck: broken JSON'],
    field: 'outcome', ours: '200 10*', twin: '200 400',
    why: 'The codes have no order: konghao misses the token before it minds the body (with the code of alapi.emptyToken), the twin after.',
  },
  {
    requests: ['alapi/phonecheck: token in a header'],
    field: 'outcome', ours: '200 200', twin: '200 100',
    why: 'The table of parameters names no place for the token, and the samples show the form alone.',
  },
  {
    requests: ['alapi/phonecheck: GET*'],
    field: 'outcome', ours: '200 200', twin: '200 405',
    why: 'The samples only post, and code 405 does not say which methods are allowed.',
  },

  {
    requests: ['qxt/ssPhone_Status: fourth network'],
    field: 'result.*_isp', ours: '"中国广电"', twin: '"其它运营商"',
    why: 'Section 1.3 names "mainly" three carriers and the other one, "virtual operators": it knows no fourth network, which may be either.',
  },
  {
    requests: ['qxt/ssPhone_Status: space before'],
    field: 'outcome', ours: '200 0', twin: '200 -2',
    why: 'Section 1.2 does not say whether blanks around a number belong to it.',
  },
  {
    requests: ['qxt/ssPhone_Status: mobile twice'],
    field: 'result.*', ours: '*', twin: '*',
    why: 'Section 1.2 does not say which of two counts: konghao takes the last and the twin the first.',
  },
  {
    requests: ['qxt/ssPhone_Status: upper-case parameter'],
    field: 'outcome', ours: '200 0', twin: '200 1',
    why: 'Section 1.2 writes the parameter as mobile and the answer as Mobile, and the path in two ways.',
  },
  {
    requests: ['qxt/ssPhone_Status: JSON', 'qxt/balance: JSON'],
    field: 'outcome', ours: '200 1', twin: '200 0',
    why: 'Sections 1.1 and 2.1 prefer POST and do not say how its parameters are encoded.',
  },
  {
    requests: ['qxt/*: PUT'],
    field: 'outcome', ours: '200 0', twin: '405 1',
    why: 'The overview supports GET and POST, and section 3 has no code for another method.',
  },
  {
    requests: ['qxt/balance: prepaid, *', 'qxt/balance: multipart', 'qxt/balance: upper-case path', 'qxt/balance: again, costs nothing'],
    field: 'result.balance', ours: '"12023"', twin: '"12025"',
    why: 'Follows from the outcomes above: konghao answers and charges the blank, the upper-case parameter and PUT, the twin JSON.',
  },
];
