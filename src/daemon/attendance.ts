type Part = {close(): unknown};

/** What goes on while the program is in the care of this supervisor. */
export type Attendance = {
	begin(): void;
	/** At the end, and for the time of a hand-over. */
	end(): void;
};

/** `start` is called at each beginning, and what it has started is closed at each end. */
export const createAttendance = (start: () => readonly Part[]): Attendance => {
	let parts: readonly Part[] = [];
	return {
		begin() {
			parts = start();
		},
		end() {
			for (const part of parts) part.close();
			parts = [];
		},
	};
};
