/** What a report is about: a run of packs, a server that crashed or hung, packs that have not succeeded for too long. */
export type ReportSubject = 'pack' | 'crash' | 'overdue';

/** A report was made, so that nothing is reported twice. Times are Unix seconds. */
export type ReportRecord = {
	readonly at: number;
	readonly event: 'report';
	readonly about: ReportSubject;
	/** Of the run of packs that it is about, else null. */
	readonly run: string | null;
	/** The Message-ID that it was put into the outbox with; null when it was not to be sent. */
	readonly message: string | null;
};

/** What became of a message. */
export type MailRecord = {
	readonly at: number;
	readonly event: 'mail';
	readonly message: string;
	readonly subject: string;
	/** `sent`: somebody took it over. `given-up`: after too many attempts. `dropped`: the outbox was full. */
	readonly result: 'sent' | 'given-up' | 'dropped';
	/** What the other side said, or why it was not sent. */
	readonly reason: string | null;
	readonly attempts: number;
};
