import {main} from '../cli/main.js';
import {realSystem} from '../cli/real-system.js';

/** One command line, from its words to its exit status. */
export const run = async (): Promise<number> => main(realSystem());
