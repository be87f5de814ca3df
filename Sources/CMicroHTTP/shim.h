// What is used of libmicrohttpd 0.9.71 or later. The library is loaded when it is needed, so neither its header nor its
// file has to be there when mhpipe is built: the numbers are those of microhttpd.h, which are part of its interface.

#ifndef MHPIPE_MICROHTTP_H
#define MHPIPE_MICROHTTP_H

#include <stddef.h>
#include <stdint.h>

struct MHD_Daemon;
struct MHD_Connection;

/// Called for each request, on the server's thread; gives 1 when it was answered.
typedef int (*MicroHTTPHandler)(void *context, struct MHD_Connection *connection, const char *path, const char *method,
                                const char *version, const char *body, size_t *bodyLength, void **ofRequest);

enum {
    MicroHTTPInternalThread = 8,
    MicroHTTPCopiedBody = 2,
};

/// Calls `MHD_start_daemon`, whose address is given, which Swift cannot since it takes any number of arguments.
static inline struct MHD_Daemon *microhttp_start(void *start, int socket, unsigned int connections, unsigned int seconds,
                                                 MicroHTTPHandler handler, void *context) {
    typedef struct MHD_Daemon *(*Start)(unsigned int flags, uint16_t port, void *policy, void *ofPolicy,
                                        MicroHTTPHandler handler, void *context, ...);
    return ((Start)start)(MicroHTTPInternalThread, 0, NULL, NULL, handler, context,
                          /* MHD_OPTION_LISTEN_SOCKET */ 12, socket,
                          /* MHD_OPTION_CONNECTION_LIMIT */ 2, connections,
                          /* MHD_OPTION_CONNECTION_TIMEOUT */ 3, seconds,
                          /* MHD_OPTION_CONNECTION_MEMORY_LIMIT */ 1, (size_t)16 << 10,
                          /* MHD_OPTION_END */ 0);
}

#endif
