/* roundtrips SOCKET CLIENTS REQUESTS HELLO REQUEST END
   CLIENTS connections, kept open, each with one request under way, until REQUESTS replies have come. A HELLO that
   is not empty is sent once on each connection and answered first. A reply is complete when it ends with END, or
   by its Content-Length when END is "HTTP". \n and \r in HELLO, REQUEST and END are escapes.
   Prints one line: requests per second, median and 99th percentile in microseconds, refused clients. */
#define _GNU_SOURCE
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { timeout_ms = 10000 };

struct client {
  int socket;
  long long asked;
  size_t length;
  char reply[65536];
};

static const char *end;

static long long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static void unescape(char *text) {
  char *to = text;
  for (; *text; text++) {
    if (text[0] == '\\' && (text[1] == 'n' || text[1] == 'r'))
      *to++ = *++text == 'n' ? '\n' : '\r';
    else
      *to++ = *text;
  }
  *to = 0;
}

static int is_complete(struct client *c) {
  c->reply[c->length] = 0;
  if (strcmp(end, "HTTP")) {
    size_t tail = strlen(end);
    return c->length >= tail && !memcmp(c->reply + c->length - tail, end, tail);
  }
  char *body = strstr(c->reply, "\r\n\r\n");
  char *header = strcasestr(c->reply, "content-length:");
  return body && header && header < body &&
         c->length >= (size_t)(body + 4 - c->reply) + strtoul(header + 15, NULL, 10);
}

/* Takes what has arrived: 1 when the reply is complete, 0 when not yet, -1 when the peer has hung up. */
static int take(struct client *c) {
  ssize_t got = read(c->socket, c->reply + c->length, sizeof c->reply - 1 - c->length);
  if (got <= 0) return -1;
  c->length += got;
  return is_complete(c);
}

static int ask(struct client *c, const char *request) {
  size_t size = strlen(request);
  c->length = 0;
  c->asked = now();
  return send(c->socket, request, size, MSG_NOSIGNAL) == (ssize_t)size;
}

static int greet(struct client *c, const struct sockaddr_un *address, const char *hello) {
  c->socket = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connect(c->socket, (const void *)address, sizeof *address)) return 0;
  if (!*hello) return 1;
  if (!ask(c, hello)) return 0;
  int state;
  while (!(state = take(c))) continue;
  return state > 0;
}

static int by_size(const void *a, const void *b) {
  long long x = *(const long long *)a, y = *(const long long *)b;
  return (x > y) - (x < y);
}

int main(int argc, char **argv) {
  if (argc != 7) return fprintf(stderr, "usage: see roundtrips.c\n"), 2;
  for (int i = 4; i < 7; i++) unescape(argv[i]);
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  strncpy(address.sun_path, argv[1], sizeof address.sun_path - 1);
  int clients = atoi(argv[2]);
  long wanted = atol(argv[3]), sent = 0, received = 0;
  const char *hello = argv[4], *request = argv[5];
  end = argv[6];
  struct client *client = calloc(clients, sizeof *client);
  struct pollfd *waiting = calloc(clients, sizeof *waiting);
  long long *latency = calloc(wanted, sizeof *latency);
  int refused = 0;

  for (int i = 0; i < clients; i++) {
    int welcome = greet(&client[i], &address, hello);
    waiting[i] = (struct pollfd){.fd = welcome ? client[i].socket : -1, .events = POLLIN};
    refused += !welcome;
  }
  long long begin = now();
  for (int i = 0; i < clients && sent < wanted; i++)
    if (waiting[i].fd >= 0) sent += ask(&client[i], request);
  while (received < sent) {
    if (poll(waiting, clients, timeout_ms) <= 0) return fprintf(stderr, "no reply\n"), 1;
    for (int i = 0; i < clients; i++) {
      if (waiting[i].fd < 0 || !waiting[i].revents) continue;
      int state = take(&client[i]);
      if (state > 0) latency[received++] = now() - client[i].asked;
      if (state < 0) refused++, sent--;
      if (state > 0 && sent < wanted)
        sent += ask(&client[i], request);
      else if (state)
        waiting[i].fd = -1;
    }
  }
  double seconds = (now() - begin) / 1e9;
  if (received == 0) return fprintf(stderr, "all clients were refused\n"), 1;
  qsort(latency, received, sizeof *latency, by_size);
  printf("%.1f %.2f %.2f %d\n", received / seconds, latency[received / 2] / 1e3,
         latency[received * 99 / 100] / 1e3, refused);
  return 0;
}
