declare const KONGHAO_VERSION: string | undefined;

/** The package's version, put in by the build; `source` where the code runs unbuilt. */
export const version: string = typeof KONGHAO_VERSION === 'string' ? KONGHAO_VERSION : 'source';
