import {type Argument, actionArgument, flagArgument, spellings} from './completion-words.js';
import {type Flag, flags} from './flags.js';

type NamedAction = {readonly name: string; readonly summary: string};

/** A zsh completion function: flags with their meaning, actions with theirs, and what follows an action. */
export const renderZshCompletion = (actions: readonly NamedAction[]): string => {
	const descriptions = actions.map(
		({name, summary}) => `\t\t${quote(`${name}:${summary.replaceAll(':', '\\:')}`)}`,
	);
	const cases = actions.map(({name}) => `\t\t\t\t${name}) ${reply(actionArgument(name))} ;;`);
	return `#compdef zeoctl
# Completion for zeoctl: zeoctl completion zsh > FOLDER-OF-FPATH/_zeoctl
_zeoctl() {
	local curcontext="$curcontext" state line
	local -a actions
	actions=(
${descriptions.join('\n')}
	)
	_arguments -S -C \\
${(flags as readonly Flag[]).map(flagSpecification).join('')}\t\t'1: :->action' \\
		'*:: :->argument' && return
	case $state in
		action) _describe -t actions action actions ;;
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
	const value =
		flag.value === undefined ? '' : `:${flag.value.toLowerCase()}:${action(flagArgument(flag))}`;
	return spellings(flag)
		.map(spelling => {
			const glue = flag.value === undefined ? '' : spelling.startsWith('--') ? '=' : '+';
			return `\t\t${quote(`*${spelling}${glue}[${flag.text}]${value}`)} \\\n`;
		})
		.join('');
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
		case 'words':
			return `(${argument.words.join(' ')})`;
		default:
			return ' ';
	}
};

const reply = (argument: Argument): string => {
	switch (argument.of) {
		case 'words':
			return `compadd -- ${argument.words.join(' ')}`;
		case 'actions':
			return '_describe -t actions action actions';
		case 'nothing':
			return ':';
		default:
			return action(argument);
	}
};

const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
