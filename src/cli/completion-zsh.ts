import type {CommandHelp} from './command.js';
import {readArguments} from './completion-arguments.js';
import {type Argument, flagArgument, spellings} from './completion-words.js';
import {type Flag, flags} from './flags.js';

/** A zsh completion function: flags with their meaning, actions with theirs, and what follows an action. */
export const renderZshCompletion = (actions: readonly CommandHelp[]): string => {
	const descriptions = actions.map(
		({name, summary}) => `\t\t${quote(`${name}:${summary.replaceAll(':', '\\:')}`)}`,
	);
	const cases = actions.map(each => `\t\t\t\t${each.name}) ${renderAction(each)} ;;`);
	return `#compdef zeoctl
# Completion for zeoctl: zeoctl completion zsh > FOLDER-OF-FPATH/_zeoctl
_zeoctl() {
	local curcontext="$curcontext" state line
	local -a zeoctl_actions
	zeoctl_actions=(
${descriptions.join('\n')}
	)
	_arguments -S -C \\
${(flags as readonly Flag[]).map(flagSpecification).join('')}\t\t'1: :->action' \\
		'*:: :->argument' && return
	case $state in
		action) _describe -t actions action zeoctl_actions ;;
		argument)
			case $words[1] in
${cases.join('\n')}
			esac ;;
	esac
}
if [[ $funcstack[1] == _zeoctl ]]; then _zeoctl "$@"; else compdef _zeoctl zeoctl; fi
`;
};

const flagSpecification = (flag: Flag): string => {
	const value = flag.value === undefined ? undefined : flagArgument(flag);
	return spellings(flag)
		.map(spelling => {
			const glue = value === undefined ? '' : spelling.startsWith('--') ? '=' : '+';
			return `\t\t${specification(`${spelling}${glue}`, flag.text, value)} \\\n`;
		})
		.join('');
};

const renderAction = (each: CommandHelp): string => {
	const {options, argument} = readArguments(each);
	const specifications = options.flatMap(({names, text, value}) =>
		names.map(name => specification(name, text, value)),
	);
	return ['_arguments -S', ...specifications, quote(`*: :${action(argument)}`)].join(' ');
};

/** An option in the notation of `_arguments`. */
const specification = (option: string, text: string, value: Argument | undefined): string => {
	const explained = text.replaceAll(/[[\]\\]/g, '\\$&');
	return quote(`*${option}[${explained}]${value === undefined ? '' : `: :${action(value)}`}`);
};

/** What completes a value, in the notation of `_arguments`. */
const action = (argument: Argument): string => {
	switch (argument.of) {
		case 'conf-files':
			return '_files -g "*.conf"';
		case 'files':
			return '_files';
		case 'folders':
			return '_files -/';
		case 'users':
			return '_users';
		case 'groups':
			return '_groups';
		case 'actions':
			return '{_describe -t actions action zeoctl_actions}';
		case 'words':
			return `(${argument.words.join(' ')})`;
		default:
			return ' ';
	}
};

const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
