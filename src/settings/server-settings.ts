import type {StorageValue} from '../schema/storages.js';
import type {ZeoMatch} from '../schema/zeo.js';
import type {StorageSettings, ZeoSettings} from './settings.js';

/** The settings of a `<zeo>` section. */
export const zeoSettings = ({values}: ZeoMatch): ZeoSettings => {
	const ssl = values.ssl?.values;
	return {
		address: values.address,
		readOnly: values['read-only'],
		transactionTimeout: values['transaction-timeout'],
		pidFilename: values['pid-filename'],
		tls: ssl && {certificate: ssl.certificate, key: ssl.key, authenticate: ssl.authenticate},
	};
};

/** The settings of a storage; the one without a name is served as `1`. */
export const storageSettings = (storage: StorageValue): StorageSettings => ({
	...storage,
	name: storage.name ?? '1',
});
