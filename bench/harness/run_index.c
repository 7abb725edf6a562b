/* parasol-bench index: documents from lines of JSON, on one thread. */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/harness/harness.h"

static const char usage[] =
    "parasol-bench index DOCS.jsonl DIR [--store] [--memory-mb M]";

typedef struct buffer {
    char *bytes;
    size_t room;
} buffer;

static const char *text_of(const cJSON *doc, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(doc, key);
    return cJSON_IsString(item) ? item->valuestring : "";
}

/* Title, newline and text are one field, as the peers have it. */
static int add_document(parasol_indexer *w, const cJSON *doc, buffer *body,
                        parasol_error *err)
{
    const char *title = text_of(doc, "title"), *text = text_of(doc, "text");
    size_t need = strlen(title) + strlen(text) + 2;
    if (need > body->room) {
        free(body->bytes);
        body->room = 2 * need;
        body->bytes = malloc(body->room);
    }
    if (!body->bytes) {
        body->room = 0;
        snprintf(err->message, sizeof err->message, "out of memory");
        return PARASOL_NOMEM;
    }
    snprintf(body->bytes, body->room, "%s\n%s", title, text);
    parasol_document d = PARASOL_DOCUMENT_INIT;
    d.id = text_of(doc, "id");
    d.text = body->bytes;
    d.text_len = need - 1;
    return parasol_indexer_add(w, &d, err);
}

static int add_lines(parasol_indexer *w, FILE *in, parasol_error *err)
{
    buffer body = {NULL, 0};
    char *line = NULL;
    size_t room = 0;
    unsigned long long number = 0;
    int rc = PARASOL_OK;
    while (!rc && getline(&line, &room, in) > 0) {
        number++;
        cJSON *doc = cJSON_Parse(line);
        if (doc) {
            rc = add_document(w, doc, &body, err);
        } else {
            snprintf(err->message, sizeof err->message, "line %llu is not JSON",
                     number);
            rc = PARASOL_ARG;
        }
        cJSON_Delete(doc);
    }
    if (!rc && ferror(in)) {
        snprintf(err->message, sizeof err->message,
                 "cannot be read behind line %llu", number);
        rc = PARASOL_IO;
    }
    free(line);
    free(body.bytes);
    return rc;
}

int bench_run_index(int argc, char **argv)
{
    const char *plain[2], *mb = NULL;
    bool store = false;
    const bench_option options[] = {{"--store", NULL, &store},
                                    {"--memory-mb", &mb, NULL}};
    uint64_t megabytes;
    if (!bench_args(argc, argv, usage, plain, 2, options, 2) ||
        !bench_number(&megabytes, mb, 4096, 1 << 20))
        return 2;
    parasol_error err = {0};
    parasol_indexer *w = NULL;
    parasol_indexer_options o = PARASOL_INDEXER_OPTIONS_INIT;
    parasol_commit_info info = PARASOL_COMMIT_INFO_INIT;
    o.store_text = store;
    o.memory = megabytes << 20;
    FILE *in = fopen(plain[0], "rb");
    if (!in) {
        fprintf(stderr, "parasol-bench: %s: cannot be read\n", plain[0]);
        return 1;
    }
    double start = bench_now();
    int rc = parasol_indexer_open(&w, plain[1], &o, &err);
    if (!rc)
        rc = add_lines(w, in, &err);
    double read = bench_now();
    if (!rc)
        rc = parasol_indexer_commit(w, &info, &err);
    parasol_indexer_close(w);
    (void)fclose(in);
    if (rc)
        return bench_fail(plain[0], &err);
    printf("docs=%llu wall=%.2fs commit=%.2fs bytes=%llu\n",
           (unsigned long long)info.documents, (bench_now() - start) / 1e6,
           (bench_now() - read) / 1e6, (unsigned long long)info.index_bytes);
    return 0;
}
