import type {CommandHelp} from './command.js';
import {readArguments} from './completion-arguments.js';
import {type Argument, flagArgument, spellings, valueFlags} from './completion-words.js';
import {flags} from './flags.js';

/** A bash script that completes flags, actions, their options and arguments; it needs nothing but bash. */
export const renderBashCompletion = (actions: readonly CommandHelp[]): string => {
	const names = actions.map(({name}) => name).join(' ');
	const flagWords = flags.flatMap(spellings).join(' ');
	const valueWords = valueFlags().flatMap(spellings).join('|');
	const flagCases = valueFlags().map(
		flag => `\t\t\t${spellings(flag).join('|')}) ${reply(flagArgument(flag), names)}; return ;;`,
	);
	const actionCases = actions.map(
		action => `\t\t${action.name})\n${renderAction(action, names)} ;;`,
	);
	return `# Completion for zeoctl: source <(zeoctl completion bash)
_zeoctl_reply() { mapfile -t COMPREPLY < <(compgen "$@" -- "$word"); }
_zeoctl_option() { [[ $word == -* ]] && _zeoctl_reply -W "$1"; }
_zeoctl_files() {
	compopt -o filenames 2>/dev/null
	_zeoctl_reply "$@"
}
_zeoctl() {
	local word=\${COMP_WORDS[COMP_CWORD]} flag=\${COMP_WORDS[COMP_CWORD-1]} action='' i
	COMPREPLY=()
	[[ $word == = ]] && word=
	[[ $flag == = ]] && flag=\${COMP_WORDS[COMP_CWORD-2]}
	for ((i = 1; i < COMP_CWORD; i++)); do
		case \${COMP_WORDS[i]} in
			${valueWords}) [[ \${COMP_WORDS[i+1]} == = ]] && ((i++)); ((i++)) ;;
			-*) ;;
			*) action=\${COMP_WORDS[i]}; break ;;
		esac
	done
	if [[ -z $action ]]; then
		case $flag in
${flagCases.join('\n')}
		esac
		if [[ $word == -* ]]; then _zeoctl_reply -W '${flagWords}'
		else _zeoctl_reply -W '${names}'; fi
		return
	fi
	case $action in
${actionCases.join('\n')}
	esac
}
complete -F _zeoctl zeoctl
`;
};

/** What follows an action: the value of the option before, an option, or another word. */
const renderAction = (action: CommandHelp, actions: string): string => {
	const {options, argument} = readArguments(action);
	const names = options.flatMap(option => option.names).join(' ');
	const values = options.flatMap(({names, value}) =>
		value === undefined ? [] : [`\t\t\t\t${names.join('|')}) ${reply(value, actions)}; return ;;`],
	);
	const cases = values.length === 0 ? [] : ['\t\t\tcase $flag in', ...values, '\t\t\tesac'];
	const last =
		names === ''
			? reply(argument, actions)
			: argument.of === 'nothing'
				? `_zeoctl_reply -W '${names}'`
				: `_zeoctl_option '${names}' || ${reply(argument, actions)}`;
	return [...cases, `\t\t\t${last}`].join('\n');
};

const reply = (argument: Argument, actions: string): string => {
	switch (argument.of) {
		case 'words':
			return `_zeoctl_reply -W '${argument.words.join(' ')}'`;
		case 'actions':
			return `_zeoctl_reply -W '${actions}'`;
		case 'conf-files':
			return "_zeoctl_files -o plusdirs -f -X '!*.conf'";
		case 'files':
			return '_zeoctl_files -f';
		case 'folders':
			return '_zeoctl_files -d';
		case 'users':
			return '_zeoctl_reply -u';
		case 'groups':
			return '_zeoctl_reply -g';
		case 'nothing':
			return ':';
	}
};
