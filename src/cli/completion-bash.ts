import {
	type Argument,
	actionArgument,
	flagArgument,
	spellings,
	valueFlags,
} from './completion-words.js';
import {flags} from './flags.js';

/** A bash script that completes flags, actions and their arguments; it needs nothing but bash. */
export const renderBashCompletion = (actions: readonly {readonly name: string}[]): string => {
	const names = actions.map(({name}) => name).join(' ');
	const flagWords = flags.flatMap(spellings).join(' ');
	const valueWords = valueFlags().flatMap(spellings).join('|');
	const flagCases = valueFlags().map(
		flag => `\t\t\t${spellings(flag).join('|')}) ${reply(flagArgument(flag), names)}; return ;;`,
	);
	const actionCases = actions.map(
		({name}) => `\t\t${name}) ${reply(actionArgument(name), names)} ;;`,
	);
	return `# Completion for zeoctl: source <(zeoctl completion bash)
_zeoctl_reply() { mapfile -t COMPREPLY < <(compgen "$@" -- "$word"); }
_zeoctl_files() {
	compopt -o filenames 2>/dev/null
	mapfile -t COMPREPLY < <(compgen "$@" -- "$word"; compgen -d -- "$word")
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

const reply = (argument: Argument, actions: string): string => {
	switch (argument.of) {
		case 'words':
			return `_zeoctl_reply -W '${argument.words.join(' ')}'`;
		case 'actions':
			return `_zeoctl_reply -W '${actions}'`;
		case 'conf-files':
			return "_zeoctl_files -f -X '!*.conf'";
		case 'files':
			return '_zeoctl_files -f';
		case 'folders':
			return '_zeoctl_files -d';
		case 'users':
			return '_zeoctl_reply -u';
		case 'nothing':
			return ':';
	}
};
