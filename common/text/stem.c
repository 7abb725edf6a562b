/*
 * Wrapper on libstemmer.
 */
#include "common/text/stem.h"

#include <libstemmer.h>

#include "common/base/fail.h"
#include "common/text/stem_exceptions.h"

#define WORD_MAX 400

struct pc_stemmer {
    const pc_mem *mem;
    struct sb_stemmer *snowball; /* NULL: no stemming */
    bool exceptions;
    bool reads_marks;
    bool
        cuts_names; /* Türkiye'nin: what is behind an apostrophe is an ending */
    const struct ending *endings;
    char word[WORD_MAX + 2];
};

/* Endings that are stemmed only with their accents, which people leave out:
   negociacion. None ends with the ending before it. */
static const struct ending {
    const char *plain; /* NULL: no more */
    const char *accented;
} spanish[] = {{"cion", "ción"}, {"sion", "sión"}, {NULL, NULL}},
  portuguese[] = {{"cao", "ção"},   {"coes", "ções"}, {"sao", "são"},
                  {"soes", "sões"}, {"xao", "xão"},   {NULL, NULL}},
  no_endings[] = {{NULL, NULL}};

bool pc_stemmer_known(const char *algorithm)
{
    if (strcmp(algorithm, "none") == 0)
        return true;
    for (const char **name = sb_stemmer_list(); *name; name++)
        if (strcmp(algorithm, *name) == 0)
            return true;
    return false;
}

/* The algorithms for English were written for text without accents. */
static bool reads_marks(const char *algorithm)
{
    static const char *const plain[] = {"none", "english", "porter", "lovins"};
    for (size_t i = 0; i < PC_COUNTOF(plain); i++)
        if (strcmp(algorithm, plain[i]) == 0)
            return false;
    return true;
}

int pc_stemmer_open(pc_stemmer **out, const char *algorithm, const pc_mem *mem,
                    parasol_error *err)
{
    *out = NULL;
    if (!pc_stemmer_known(algorithm))
        return pc_fail(err, PARASOL_ARG, "unknown language \"%s\"", algorithm);
    pc_stemmer *s = pc_zalloc(mem, 1, sizeof *s);
    if (!s)
        return pc_fail_nomem(err);
    s->mem = mem;
    s->reads_marks = reads_marks(algorithm);
    s->cuts_names = strcmp(algorithm, "turkish") == 0;
    s->endings = strcmp(algorithm, "spanish") == 0      ? spanish
                 : strcmp(algorithm, "portuguese") == 0 ? portuguese
                                                        : no_endings;
    s->exceptions = strcmp(algorithm, "english") == 0;
    if (strcmp(algorithm, "none") != 0) {
        s->snowball = sb_stemmer_new(algorithm, "UTF_8");
        if (!s->snowball) {
            pc_stemmer_free(s);
            return pc_fail_nomem(err);
        }
    }
    *out = s;
    return PARASOL_OK;
}

void pc_stemmer_free(pc_stemmer *s)
{
    if (!s)
        return;
    sb_stemmer_delete(s->snowball);
    pc_free(s->mem, s);
}

/* The word with the accents of its ending, in s->word; itself if it has none
   such. */
static pc_str with_accents(pc_stemmer *s, pc_str word)
{
    for (const struct ending *e = s->endings; e->plain; e++) {
        pc_str plain = pc_str_of(e->plain), accented = pc_str_of(e->accented);
        if (word.len < plain.len + 2 || !pc_str_ends(word, plain))
            continue;
        size_t kept = word.len - plain.len;
        memcpy(s->word, word.ptr, kept);
        memcpy(s->word + kept, accented.ptr, accented.len);
        return (pc_str){s->word, kept + accented.len};
    }
    return word;
}

pc_str pc_stem(pc_stemmer *s, pc_str word)
{
    if (!s->snowball || word.len == 0 || word.len > WORD_MAX)
        return word;
    const char *mark = s->cuts_names ? memchr(word.ptr, '\'', word.len) : NULL;
    if (mark && mark > word.ptr + 1)
        word.len = (size_t)(mark - word.ptr);
    word = with_accents(s, word);
    if (s->exceptions) {
        pc_str key = pc_stem_exception(word);
        if (key.ptr)
            return key;
    }
    const sb_symbol *stem = sb_stemmer_stem(
        s->snowball, (const sb_symbol *)word.ptr, (int)word.len);
    if (!stem)
        return (pc_str){NULL, 0};
    int len = sb_stemmer_length(s->snowball);
    /* A stemmer must not make a word vanish. */
    if (len <= 0)
        return word;
    return (pc_str){(const char *)stem, (size_t)len};
}

bool pc_stemmer_cuts_names(const pc_stemmer *s)
{
    return s->cuts_names;
}

bool pc_stemmer_reads_marks(const pc_stemmer *s)
{
    return s->reads_marks;
}
