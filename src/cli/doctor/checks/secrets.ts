import {constants} from 'node:fs';
import {ofConf} from '../check.js';
import {fine, idle, warning} from '../finding.js';
import {statIfSeen} from '../seen-files.js';

/** Whether a conf with something secret in it is for its owner only. */
export const secrets = ofConf({
	group: 'owners',
	name: 'secrets',
	about: "a conf with a 'ping-url', which is a secret, is not for everybody to read",
	run({settings, asOwner}) {
		const {configFile: file, mail} = settings;
		if (mail?.pingUrl === undefined || file === undefined) return [idle('the conf holds none')];
		return ((statIfSeen(file)?.mode ?? 0) & constants.S_IROTH) === 0
			? [fine(file)]
			: [
					warning(`everybody can read the ping-url in '${file}'`, {
						advice: 'its user must be able to read it: by owner or group',
						command: asOwner(file, 'chmod', 'o=', file),
					}),
				];
	},
});
