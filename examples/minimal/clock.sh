#!/bin/sh
# Says what time it is, once a second.
while :; do
	echo "$GREETING $(date +%T)"
	sleep 1
done
