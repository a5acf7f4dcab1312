import type {ServerSettings, StorageSettings} from '../settings/settings.js';
import type {SettledContext} from './command.js';

/** The server as it may be running: that the folders which its conf names have gone since does not stop it. */
export const resolveRunning = ({
	system,
	settings,
}: Pick<SettledContext, 'system' | 'settings'>): ServerSettings | undefined =>
	system.resolveServer(settings, {acceptsMissing: true});

/** What such a server serves. */
export const runningStorages = (
	context: Pick<SettledContext, 'system' | 'settings'>,
): readonly StorageSettings[] => resolveRunning(context)?.storages ?? context.settings.storages;
