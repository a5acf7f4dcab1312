/* program STAMPS: the program that every system supervises. First thing in main() it appends a line
   "CLOCK_MONOTONIC in ns, pid" to the file STAMPS, then sleeps; SIGTERM ends it at once. */
#include <fcntl.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

int main(int argc, char **argv) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  if (argc < 2) return 2;
  char line[64];
  int length = snprintf(line, sizeof line, "%lld %d\n",
                        now.tv_sec * 1000000000LL + now.tv_nsec, (int)getpid());
  int stamps = open(argv[1], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (stamps < 0 || write(stamps, line, length) != length) return 1;
  close(stamps);
  for (;;) pause();
}
