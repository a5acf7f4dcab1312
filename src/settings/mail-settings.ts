import type {MailMatch} from '../schema/zeoctl.js';
import type {MailSettings} from './settings.js';

/** The settings of a `<mail>` section. */
export const mailSettings = ({values}: MailMatch): MailSettings => ({
	to: values.to,
	from: values.from,
	server: values.server,
	port: values.port,
	security: values.security,
	user: values.user,
	passwordFile: values['password-file'],
	sendmail: values.sendmail,
	when: values.when,
	crashLimit: values['crash-limit'],
	pingUrl: values['ping-url'],
});
