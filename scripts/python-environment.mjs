// Python environments of a checkout, made as `zeoctl bootstrap` makes that of an instance.
import {run, showProgress} from './progress.mjs';

/** Why there is no environment, with what to do about it. */
export class PythonEnvironmentError extends Error {
	constructor({reason, hint, packages}) {
		super(reason);
		this.hint = packages === undefined ? hint : apt(packages);
	}
}

/**
 * Make the environment `folder` from a list of pinned packages, or repair it; nothing is done when all its `modules`
 * can be imported and the list is the one that it was made from. Resolves to the path of its Python. Needs a build.
 */
export const makePythonEnvironment = async ({folder, requirements, modules}) => {
	const {makePythonEnvironment: make} = await import('../build/src/scaffold/python-env.js');
	const {plainPipEnvironment} = await import('../build/src/scaffold/python-ways.js');
	const env = plainPipEnvironment(process.env);
	let step;
	// Whoever runs this runs what is in it.
	const isUsable = () => true;
	const result = await make(
		{folder, requirements, modules, wheels: undefined, cache: undefined, isUsable},
		{
			tell(text) {
				step = text.replaceAll(`${process.cwd()}/`, '');
			},
			// A step is said before the command that takes its time.
			run(argv) {
				const told = step;
				step = undefined;
				const work = () => run(argv, {env});
				return told === undefined ? work() : showProgress(told, work);
			},
		},
	);
	if ('failure' in result) throw new PythonEnvironmentError(result.failure);
	return result.python;
};

const apt = packages => `type: ${process.getuid() === 0 ? '' : 'sudo '}apt install ${packages}`;
