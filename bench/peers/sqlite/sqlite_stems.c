/* A tokenizer of FTS5: unicode61's words, stemmed by libstemmer. */
#include <libstemmer.h>
#include <stdio.h>
#include <stdlib.h>

#include "sqlite_harness.h"

typedef struct stems {
    fts5_tokenizer words;
    Fts5Tokenizer *instance;
    struct sb_stemmer *stemmer;
} stems;

typedef int token_fn(void *context, int flags, const char *token, int len,
                     int start, int end);

/* What a call of stems_tokenize hands to stem_token. */
typedef struct call {
    stems *s;
    void *context;
    token_fn *token;
} call;

static int stem_token(void *context, int flags, const char *token, int len,
                      int start, int end)
{
    call *c = context;
    const sb_symbol *stem =
        sb_stemmer_stem(c->s->stemmer, (const sb_symbol *)token, len);
    if (!stem)
        return SQLITE_NOMEM;
    return c->token(c->context, flags, (const char *)stem,
                    sb_stemmer_length(c->s->stemmer), start, end);
}

static int stems_tokenize(Fts5Tokenizer *self, void *context, int flags,
                          const char *text, int len, token_fn *token)
{
    stems *s = (stems *)self;
    call c = {s, context, token};
    return s->words.xTokenize(s->instance, &c, flags, text, len, stem_token);
}

static void stems_delete(Fts5Tokenizer *self)
{
    stems *s = (stems *)self;
    if (s->instance)
        s->words.xDelete(s->instance);
    sb_stemmer_delete(s->stemmer);
    free(s);
}

static int stems_create(void *context, const char **argv, int argc,
                        Fts5Tokenizer **out)
{
    fts5_api *api = context;
    void *words_context;
    stems *s = calloc(1, sizeof *s);
    (void)argv;
    (void)argc;
    if (!s)
        return SQLITE_NOMEM;
    s->stemmer = sb_stemmer_new("english", NULL);
    int rc = api->xFindTokenizer(api, "unicode61", &words_context, &s->words);
    if (!rc)
        rc = s->words.xCreate(words_context, NULL, 0, &s->instance);
    if (rc || !s->stemmer) {
        stems_delete((Fts5Tokenizer *)s);
        return rc ? rc : SQLITE_NOMEM;
    }
    *out = (Fts5Tokenizer *)s;
    return SQLITE_OK;
}

static fts5_api *fts5_of(sqlite3 *db)
{
    fts5_api *api = NULL;
    sqlite3_stmt *ask = NULL;
    if (sqlite3_prepare_v2(db, "SELECT fts5(?1)", -1, &ask, NULL) ==
        SQLITE_OK) {
        sqlite3_bind_pointer(ask, 1, (void *)&api, "fts5_api_ptr", NULL);
        sqlite3_step(ask);
    }
    sqlite3_finalize(ask);
    return api;
}

sqlite3 *harness_open(const char *path, int flags)
{
    static fts5_tokenizer tokenizer = {stems_create, stems_delete,
                                       stems_tokenize};
    sqlite3 *db = NULL;
    if (sqlite3_open_v2(path, &db, flags, NULL) == SQLITE_OK) {
        fts5_api *api = fts5_of(db);
        if (api && api->xCreateTokenizer(api, "stems", api, &tokenizer, NULL) ==
                       SQLITE_OK)
            return db;
    }
    harness_fail(db, path);
    sqlite3_close(db);
    return NULL;
}

int harness_fail(sqlite3 *db, const char *what)
{
    fprintf(stderr, "sqlite-harness: %s: %s\n", what,
            db ? sqlite3_errmsg(db) : "out of memory");
    return 1;
}
