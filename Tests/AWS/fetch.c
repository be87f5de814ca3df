// Fetches and decompresses the objects at the addresses of a list, a line each, some at a time, signed with keys, and does
// nothing with the text: `fetch LIST MOST ID:SECRET` prints the bytes of text. What a bucket takes without mhpipe, for speed.py.
// With `hash` behind that each text is hashed by SHA-256, as who verifies a trail has to, for digests.py.
#include <libdeflate.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// What is used of libcurl, whose header need not be there: the numbers are part of its interface.
typedef void CURL;
typedef void CURLM;
typedef struct {
    int kind;
    CURL *easy_handle;
    union {
        void *whatever;
        int result;
    } data;
} CURLMsg;
enum {
    CURLOPT_WRITEDATA = 10001, CURLOPT_URL = 10002, CURLOPT_USERPWD = 10005, CURLOPT_PRIVATE = 10103,
    CURLOPT_AWS_SIGV4 = 10305, CURLOPT_WRITEFUNCTION = 20011, CURLMOPT_MAXCONNECTS = 6,
    CURLINFO_PRIVATE = 0x100015, CURLINFO_RESPONSE_CODE = 0x200002,
};
int curl_global_init(long);
CURL *curl_easy_init(void);
int curl_easy_setopt(CURL *, int, ...);
int curl_easy_getinfo(CURL *, int, ...);
CURLM *curl_multi_init(void);
int curl_multi_setopt(CURLM *, int, ...);
int curl_multi_add_handle(CURLM *, CURL *);
int curl_multi_remove_handle(CURLM *, CURL *);
int curl_multi_perform(CURLM *, int *);
int curl_multi_poll(CURLM *, void *, unsigned, int, int *);
CURLMsg *curl_multi_info_read(CURLM *, int *);

// Likewise of libcrypto.
typedef void EVP_MD;
const EVP_MD *EVP_sha256(void);
int EVP_Digest(const void *, size_t, unsigned char *, unsigned *, const EVP_MD *, void *);

static void stop(const char *what) {
    perror(what);
    exit(1);
}

// One object on its way.
struct transfer {
    CURL *handle;
    char *stored;
    size_t size, room;
};

// Takes what has come.
static size_t take(char *bytes, size_t one, size_t count, void *user) {
    struct transfer *transfer = user;
    size_t size = one * count;
    if (transfer->size + size > transfer->room) {
        transfer->room = 2 * (transfer->size + size);
        transfer->stored = realloc(transfer->stored, transfer->room);
        if (!transfer->stored) stop("memory");
    }
    memcpy(transfer->stored + transfer->size, bytes, size);
    transfer->size += size;
    return size;
}

static void check(int is_fine, const char *what) {
    if (is_fine) return;
    fprintf(stderr, "%s\n", what);
    exit(1);
}

// Begins with the next address; 0 when there is none.
static int begin(CURLM *all, struct transfer *transfer, FILE *addresses) {
    static char address[4096];
    if (!fgets(address, sizeof address, addresses)) return 0;
    address[strcspn(address, "\n")] = 0;
    transfer->size = 0;
    curl_easy_setopt(transfer->handle, CURLOPT_URL, address);
    check(curl_multi_add_handle(all, transfer->handle) == 0, "curl_multi_add_handle");
    return 1;
}

int main(int count, char **arguments) {
    int hashes = count == 5 && !strcmp(arguments[4], "hash");
    check(count == 4 || hashes, "usage: fetch LIST MOST ID:SECRET [hash]");
    const char *list = arguments[1], *keys = arguments[3];
    int most = atoi(arguments[2]);
    FILE *addresses = fopen(list, "r");
    if (!addresses) stop(list);
    curl_global_init(3);
    CURLM *all = curl_multi_init();
    struct libdeflate_decompressor *decompressor = libdeflate_alloc_decompressor();
    struct transfer *transfers = calloc((size_t)most, sizeof *transfers);
    check(all && decompressor && transfers, "memory");
    curl_multi_setopt(all, CURLMOPT_MAXCONNECTS, (long)most);
    int open = 0;
    for (int number = 0; number < most; number++) {
        struct transfer *transfer = transfers + number;
        transfer->handle = curl_easy_init();
        check(transfer->handle != NULL, "memory");
        curl_easy_setopt(transfer->handle, CURLOPT_WRITEFUNCTION, take);
        curl_easy_setopt(transfer->handle, CURLOPT_WRITEDATA, transfer);
        curl_easy_setopt(transfer->handle, CURLOPT_PRIVATE, transfer);
        curl_easy_setopt(transfer->handle, CURLOPT_AWS_SIGV4, "aws:amz:us-east-1:s3");
        curl_easy_setopt(transfer->handle, CURLOPT_USERPWD, keys);
        open += begin(all, transfer, addresses);
    }
    size_t room = 8 << 20, sum = 0;
    char *text = malloc(room);
    check(text != NULL, "memory");
    while (open) {
        int running, left;
        check(curl_multi_perform(all, &running) == 0, "curl_multi_perform");
        for (CURLMsg *message; (message = curl_multi_info_read(all, &left));) {
            if (message->kind != 1) continue;
            struct transfer *transfer;
            long status;
            curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
            curl_easy_getinfo(message->easy_handle, CURLINFO_RESPONSE_CODE, &status);
            check(message->data.result == 0 && status == 200 && transfer->size > 18, "a transfer failed");
            uint32_t text_size; // the last four bytes, RFC 1952 section 2.3.1
            memcpy(&text_size, transfer->stored + transfer->size - 4, 4);
            if (text_size > room) text = realloc(text, room = text_size);
            check(text != NULL, "memory");
            size_t written;
            int failed = libdeflate_gzip_decompress(decompressor, transfer->stored, transfer->size, text, room, &written);
            check(!failed, "no gzip data");
            sum += written;
            unsigned char hash[32];
            if (hashes) check(EVP_Digest(text, written, hash, NULL, EVP_sha256(), NULL), "EVP_Digest");
            curl_multi_remove_handle(all, transfer->handle);
            if (!begin(all, transfer, addresses)) open--;
        }
        if (open) curl_multi_poll(all, NULL, 0, 1000, NULL);
    }
    printf("%zu\n", sum);
    return 0;
}
