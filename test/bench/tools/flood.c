/* flood BYTES CHUNK STAMP: on SIGUSR1 writes BYTES of 100-byte lines to stdout, CHUNK bytes a write, then
   "begin end" in ns of CLOCK_MONOTONIC to the file STAMP; then sleeps. STAMP.pid holds its pid before. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static long long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

int main(int argc, char **argv) {
  if (argc < 4) return 2;
  long long bytes = atoll(argv[1]), chunk = atoll(argv[2]);
  char *buffer = malloc(chunk + 100), name[4096];
  for (long long at = 0; at < chunk; at += 100) {
    memset(buffer + at, 'x', 99);
    buffer[at + 99] = '\n';
  }
  sigset_t go;
  sigemptyset(&go);
  sigaddset(&go, SIGUSR1);
  sigprocmask(SIG_BLOCK, &go, NULL);
  snprintf(name, sizeof name, "%s.pid", argv[3]);
  FILE *file = fopen(name, "w");
  if (!file) return 1;
  fprintf(file, "%d\n", (int)getpid());
  fclose(file);
  int signal;
  sigwait(&go, &signal);
  long long begin = now(), left = bytes;
  while (left > 0) {
    ssize_t count = write(1, buffer, left < chunk ? left : chunk);
    if (count < 0) return 1;
    left -= count;
  }
  long long end = now();
  file = fopen(argv[3], "w");
  fprintf(file, "%lld %lld\n", begin, end);
  fclose(file);
  for (;;) pause();
}
