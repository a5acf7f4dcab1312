/**
 * The version of this package. The bundler puts it in place of the expression; the unbundled modules of a
 * checkout have none.
 */
export const version: string = process.env.ZEOCTL_VERSION ?? '0.0.0-checkout';
