/** `zeoctl` for the instance of a conf, as a person types it, without an action. */
export const ownCommand = (configFile: string | undefined): readonly string[] =>
	configFile === undefined ? ['zeoctl'] : ['zeoctl', '-C', configFile];
