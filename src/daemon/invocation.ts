import type {Reading} from '../supervisor/report.js';

/** How zeoctl is called again for the same instance, as the supervisor was. */
export type Invocation = {
	/** The executable with all words before the flags. */
	readonly command: readonly [string, ...string[]];
	readonly flags: readonly string[];
	readonly cwd: string;
	/** As it was before the configuration added to it. */
	readonly environment: Readonly<Record<string, string | undefined>>;
};

/** Calls of the zeoctl that this process runs, or of what has been installed over it since. */
export const planInvocation = (
	command: Invocation['command'],
	{flags, covered}: Reading,
	{cwd, environment}: Pick<Invocation, 'cwd' | 'environment'>,
): Invocation => {
	const uncovered = Object.entries(covered).map(
		([name, value]) => [name, value ?? undefined] as const,
	);
	return {command, flags, cwd, environment: {...environment, ...Object.fromEntries(uncovered)}};
};
