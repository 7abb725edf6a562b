/*
 * Which of the states of a world (world.h) are looked at after each operation:
 * everything kept, everything lost, and what lies between, in classes.
 */
#ifndef PARASOL_TESTS_CRASH_STATES_H
#define PARASOL_TESTS_CRASH_STATES_H

#include "tests/crash/world.h"

/* X(name, words) */
#define STATES_CLASS_MAP(X)                                                    \
    X(KEPT, "all kept")                                                        \
    X(DROPPED, "all lost")                                                     \
    X(DATA, "data or names lost")                                              \
    X(FILL, "size kept, bytes lost")                                           \
    X(PREFIX, "names lost from one on")                                        \
    X(NAME, "one name lost, or alone kept")                                    \
    X(FILE, "one file lost, or alone kept")                                    \
    X(WRITE, "one write lost, or alone kept")                                  \
    X(TORN, "a write torn")                                                    \
    X(RANDOM, "any mix")

enum states_class {
#define STATES_CLASS_ENUM(name, words) STATES_##name,
    STATES_CLASS_MAP(STATES_CLASS_ENUM)
#undef STATES_CLASS_ENUM
        STATES_CLASSES
};

const char *states_class_words(enum states_class c);

/* Called with each state, which is borrowed for the call. */
typedef void states_visit(const world_image *image, enum states_class c,
                          void *user);

/* All states after the last record, `random` mixes among them. The same ones
   for the same seed. */
void states_each(world *w, enum world_model model, unsigned random,
                 uint64_t seed, states_visit *visit, void *user);

#endif
