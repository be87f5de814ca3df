// What is used of libcurl 7.68 or later. The library is loaded when it is needed, so neither its header nor its file has to
// be there when mhpipe is built: the numbers are those of curl.h and multi.h, which are part of its interface.

#ifndef MHPIPE_CURL_H
#define MHPIPE_CURL_H

#include <stddef.h>

/// Takes a piece of a header or a body, on the thread that drives the transfers; gives how much of it was taken.
typedef size_t (*CurlTaker)(char *bytes, size_t size, size_t count, void *context);

/// Hears which sockets are to be watched, on the thread that drives the transfers.
typedef int (*CurlSocketTeller)(void *transfer, int socket, int what, void *context, void *assigned);

/// Hears when transfers have to be looked at that wait for a time; never for a negative number.
typedef int (*CurlTimerTeller)(void *transfers, long milliseconds, void *context);

/// What `curl_multi_info_read` gives.
struct CurlMessage {
    int kind;
    void *transfer;
    union {
        void *whatever;
        int result;
    } data;
};

enum {
    CurlMessageDone = 1,
    CurlGlobalAll = 3,
    CurlHTTP11 = 2,

    // Results.
    CurlCouldNotResolveProxy = 5,
    CurlCouldNotResolveHost = 6,
    CurlCouldNotConnect = 7,
    CurlPartialFile = 18,
    CurlWriteError = 23,
    CurlTimedOut = 28,
    CurlTLSHandshakeFailed = 35,
    CurlGotNothing = 52,
    CurlSendError = 55,
    CurlReceiveError = 56,
    CurlCertificateRefused = 60,
    CurlCertificateFileBad = 77,

    // Options of a transfer that are numbers.
    CurlLowSpeedLimit = 19,
    CurlLowSpeedTime = 20,
    CurlNoBody = 44,
    CurlVerifyPeer = 64,
    CurlVerifyHost = 81,
    CurlHTTPVersion = 84,
    CurlBufferSize = 98,
    CurlNoSignal = 99,
    CurlTimeoutMilliseconds = 155,
    CurlConnectTimeoutMilliseconds = 156,
    CurlKeepAlive = 213,
    CurlPathAsIs = 234,

    // Those that are addresses.
    CurlWriteContext = 10001,
    CurlURL = 10002,
    CurlProxy = 10004,
    CurlErrorText = 10010,
    CurlPostFields = 10015,
    CurlHeaders = 10023,
    CurlHeaderContext = 10029,
    CurlCustomMethod = 10036,
    CurlCertificateFile = 10065,
    CurlCertificateFolder = 10097,
    CurlNoProxy = 10177,
    CurlWriteFunction = 20011,
    CurlHeaderFunction = 20079,

    // That which is a size.
    CurlPostFieldSize = 30120,

    // What a socket is watched for, and what it is ready for.
    CurlPollIn = 1,
    CurlPollOut = 2,
    CurlPollBoth = 3,
    CurlReadyIn = 1,
    CurlReadyOut = 2,
    CurlReadyBad = 4,
    CurlNoSocket = -1,

    // Options of a set of transfers.
    CurlSocketContext = 10002,
    CurlTimerContext = 10005,
    CurlSocketFunction = 20001,
    CurlTimerFunction = 20004,
    CurlMaxKeptConnections = 6,
    CurlMaxHostConnections = 7,
    CurlPipelining = 3,

    // What is asked of a transfer that is done.
    CurlResponseStatus = 0x200002,
};

/// Calls `curl_easy_setopt`, whose address is given, which Swift cannot since it takes any number of arguments.
static inline int curl_shim_set_number(void *setopt, void *transfer, int option, long value) {
    return ((int (*)(void *, int, ...))setopt)(transfer, option, value);
}

static inline int curl_shim_set_address(void *setopt, void *transfer, int option, const void *value) {
    return ((int (*)(void *, int, ...))setopt)(transfer, option, value);
}

static inline int curl_shim_set_size(void *setopt, void *transfer, int option, long long value) {
    return ((int (*)(void *, int, ...))setopt)(transfer, option, value);
}

static inline int curl_shim_set_taker(void *setopt, void *transfer, int option, CurlTaker value) {
    return ((int (*)(void *, int, ...))setopt)(transfer, option, value);
}

/// Calls `curl_multi_setopt`, likewise.
static inline int curl_shim_set_of_all(void *setopt, void *transfers, int option, long value) {
    return ((int (*)(void *, int, ...))setopt)(transfers, option, value);
}

static inline int curl_shim_set_context_of_all(void *setopt, void *transfers, int option, void *value) {
    return ((int (*)(void *, int, ...))setopt)(transfers, option, value);
}

static inline int curl_shim_set_socket_teller(void *setopt, void *transfers, CurlSocketTeller value) {
    return ((int (*)(void *, int, ...))setopt)(transfers, CurlSocketFunction, value);
}

static inline int curl_shim_set_timer_teller(void *setopt, void *transfers, CurlTimerTeller value) {
    return ((int (*)(void *, int, ...))setopt)(transfers, CurlTimerFunction, value);
}

/// Calls `curl_easy_getinfo`, likewise.
static inline int curl_shim_get_number(void *getinfo, void *transfer, int what, long *value) {
    return ((int (*)(void *, int, ...))getinfo)(transfer, what, value);
}

#endif
