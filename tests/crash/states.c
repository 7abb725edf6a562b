/*
 * The classes of states. Many are equal; who visits them tells them apart by
 * their hash.
 */
#include "tests/crash/states.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/scratch.h"

enum { WRITES_MAX = 40 }; /* looked at one by one */

typedef struct walk {
    world *w;
    enum world_model model;
    size_t writes;
    size_t names;
    world_choice choice;
    states_visit *visit;
    void *user;
} walk;

const char *states_class_words(enum states_class c)
{
    static const char *const words[] = {
#define STATES_CLASS_WORDS(name, words) words,
        STATES_CLASS_MAP(STATES_CLASS_WORDS)
#undef STATES_CLASS_WORDS
    };
    return words[c];
}

static void set_all(walk *k, enum world_keep writes, int names)
{
    memset(k->choice.writes, (int)writes, k->writes);
    memset(k->choice.names, names, k->names);
}

static void visit(walk *k, enum states_class c)
{
    k->choice.seed++;
    k->visit(world_build(k->w, &k->choice), c, k->user);
}

static void whole(walk *k)
{
    set_all(k, WORLD_KEEP, 1);
    visit(k, STATES_KEPT);
    if (k->writes + k->names == 0)
        return;
    set_all(k, WORLD_DROP, 0);
    visit(k, STATES_DROPPED);
    set_all(k, WORLD_KEEP, 0);
    visit(k, STATES_DATA);
    set_all(k, WORLD_DROP, 1);
    visit(k, STATES_DATA);
    k->choice.fill = WORLD_ZEROS;
    visit(k, STATES_FILL);
    k->choice.fill = WORLD_GARBAGE;
    visit(k, STATES_FILL);
    k->choice.fill = WORLD_NO_FILL;
}

static void by_name(walk *k)
{
    for (size_t i = 1; i < k->names; i++) {
        set_all(k, WORLD_KEEP, 1);
        memset(k->choice.names + i, 0, k->names - i);
        visit(k, STATES_PREFIX);
        memset(k->choice.writes, WORLD_DROP, k->writes);
        visit(k, STATES_PREFIX);
    }
    if (k->names < 2 || k->model == WORLD_JOURNAL)
        return;
    for (size_t i = 0; i < k->names; i++) {
        set_all(k, WORLD_KEEP, 1);
        k->choice.names[i] = 0;
        visit(k, STATES_NAME);
        memset(k->choice.names, 0, k->names);
        k->choice.names[i] = 1;
        visit(k, STATES_NAME);
    }
}

/* Every file that has pending writes: at its first one. */
static void by_file(walk *k)
{
    for (size_t i = 0; i < k->writes; i++) {
        size_t file = world_write_file(k->w, i);
        size_t first = 0, mine = 0;
        while (world_write_file(k->w, first) != file)
            first++;
        for (size_t j = 0; j < k->writes; j++)
            mine += world_write_file(k->w, j) == file;
        if (first < i || mine == k->writes)
            continue;
        for (int only = 0; only < 2; only++) {
            set_all(k, WORLD_KEEP, 1);
            for (size_t j = 0; j < k->writes; j++)
                k->choice.writes[j] =
                    (world_write_file(k->w, j) == file) == (only == 1)
                        ? WORLD_KEEP
                        : WORLD_DROP;
            visit(k, STATES_FILE);
        }
    }
}

static void by_write(walk *k)
{
    size_t step = 1 + k->writes / WRITES_MAX;
    for (size_t i = 0; k->writes > 1 && i < k->writes; i += step) {
        set_all(k, WORLD_KEEP, 1);
        k->choice.writes[i] = WORLD_DROP;
        visit(k, STATES_WRITE);
        set_all(k, WORLD_DROP, 1);
        k->choice.writes[i] = WORLD_KEEP;
        visit(k, STATES_WRITE);
    }
}

/* The last write, and one of the others. */
static void by_sector(walk *k, uint64_t *random)
{
    static const enum world_keep tears[] = {WORLD_HEAD, WORLD_TAIL, WORLD_FIRST,
                                            WORLD_ALTERNATE};
    size_t other = k->writes ? scratch_below(random, k->writes) : 0;
    for (size_t i = 0; i < k->writes; i++) {
        if (!world_write_is_last(k->w, i) && i != other)
            continue;
        for (size_t t = 0; t < sizeof tears / sizeof *tears; t++) {
            set_all(k, WORLD_KEEP, 1);
            k->choice.writes[i] = (uint8_t)tears[t];
            visit(k, STATES_TORN);
        }
    }
}

static void by_chance(walk *k, unsigned n, uint64_t *random)
{
    static const uint8_t keep[] = {WORLD_DROP, WORLD_DROP, WORLD_KEEP,
                                   WORLD_KEEP, WORLD_SOME};
    for (unsigned r = 0; r < n && k->writes + k->names > 0; r++) {
        size_t end = scratch_below(random, k->names + 1);
        for (size_t i = 0; i < k->writes; i++)
            k->choice.writes[i] = keep[scratch_below(random, sizeof keep)];
        for (size_t i = 0; i < k->names; i++)
            k->choice.names[i] = k->model == WORLD_JOURNAL
                                     ? i < end
                                     : (uint8_t)scratch_below(random, 2);
        k->choice.fill = (enum world_fill)scratch_below(random, 3);
        visit(k, STATES_RANDOM);
    }
    k->choice.fill = WORLD_NO_FILL;
}

void states_each(world *w, enum world_model model, unsigned random,
                 uint64_t seed, states_visit *to, void *user)
{
    uint64_t state = seed * 1000003 + world_steps(w);
    walk k = {w, model, world_writes(w), world_names(w), {0}, to, user};
    k.choice.writes = calloc(k.writes + 1, 1);
    k.choice.names = calloc(k.names + 1, 1);
    k.choice.seed = scratch_random(&state);
    if (!k.choice.writes || !k.choice.names)
        scratch_die("calloc");
    whole(&k);
    by_name(&k);
    by_file(&k);
    by_write(&k);
    by_sector(&k, &state);
    by_chance(&k, random, &state);
    free(k.choice.writes);
    free(k.choice.names);
}
