import {renderShellWord} from '../platform/shell-word.js';

const findHome = 'home=$(dirname -- "$(dirname -- "$(readlink -f -- "$0")")")';

/** `bin/zeoctl`: ours, with the conf of the instance unless the command line names one. */
export const renderZeoctl = (
	slug: string,
	{node, script}: {readonly node: string; readonly script: string},
): string => `#!/bin/sh
# zeoctl for this instance: with its conf, unless another one is named.

# A folder may have a name that ends with a backslash, or that holds a dollar sign.
# shellcheck disable=SC1003,SC2016

${findHome}
node=${renderShellWord(node)}
script=${renderShellWord(script)}

names_conf() {
	while [ $# -gt 0 ]; do
		case $1 in
		--) return 1 ;;
		--c*) return 0 ;;
		--*=* | --da* | --f* | --h* | --j* | --v*) ;;
		--*) shift ;;
		-?*)
			flags=\${1#-}
			while :; do
				case $flags in
				[dfh]*) flags=\${flags#?} ;;
				*) break ;;
				esac
			done
			case $flags in
			C*) return 0 ;;
			?) shift ;;
			esac
			;;
		*) return 1 ;;
		esac
		[ $# -gt 0 ] && shift
	done
	return 1
}

names_conf "$@" || set -- -C "$home/etc/${slug}-zeoctl.conf" "$@"
if [ -x "$node" ] && [ -f "$script" ]; then
	exec "$node" "$script" "$@"
fi

# That installation has gone: take the first other one on PATH.
IFS=:
for folder in $PATH; do
	case $(readlink -f -- "\${folder:-.}") in
	"$home/bin" | "$home/env/bin") continue ;;
	esac
	if [ -x "\${folder:-.}/zeoctl" ]; then
		unset IFS
		exec "\${folder:-.}/zeoctl" "$@"
	fi
done
echo "cannot find zeoctl: neither $script nor on PATH" >&2
exit 127
`;

/** `bin/runzeo`: the server in the foreground, with the conf of the instance unless something is asked for. */
export const renderRunzeo = (slug: string): string => `#!/bin/sh
# The server of this instance in the foreground, without a supervisor.
${findHome}
[ $# -gt 0 ] || set -- -C "$home/etc/${slug}-zeo.conf"
exec "$home/env/bin/runzeo" "$@"
`;

/** `bin/zeopack`: packs the storages of the instance, or what the options of zeopack name. */
export const renderZeopack = (): string => `#!/bin/sh
# Packs the storages of this instance; takes the options of zeopack.
${findHome}
exec "$home/bin/zeoctl" pack "$@"
`;

/** `bin/zeopasswd`: the passwords that ZEO 4 reads. */
export const renderZeopasswd = (): string => `#!/bin/sh
# Passwords of clients, for ZEO 4; takes the options of zeopasswd.
${findHome}
exec "$home/bin/zeoctl" passwd "$@"
`;

/** `env/bin/zeoctl` in place of the one that ZEO installs: there is one zeoctl, whatever stands first on PATH. */
export const renderPointer = (): string => `#!/bin/sh
# ZEO's own zeoctl is not used here: this leads to that of the instance.
${findHome}
exec "$(dirname -- "$home")/bin/zeoctl" "$@"
`;
