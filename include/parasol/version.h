/*
 * Version of the library and of the index format it reads and writes.
 */
#ifndef PARASOL_VERSION_H
#define PARASOL_VERSION_H

#define PARASOL_VERSION_MAJOR 0
#define PARASOL_VERSION_MINOR 1
#define PARASOL_VERSION_PATCH 0
#define PARASOL_VERSION_STRING "0.1.0"

/* The format version this library writes, and the oldest it still reads. */
#define PARASOL_FORMAT_VERSION 2
#define PARASOL_FORMAT_VERSION_MIN 2

#if defined(_WIN32) || !defined(__GNUC__)
#define PARASOL_API
#define PARASOL_MUST_USE
#else
#define PARASOL_API __attribute__((visibility("default")))
#define PARASOL_MUST_USE __attribute__((warn_unused_result))
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* The version of the library at run time, as "major.minor.patch". Borrowed
   for ever; never NULL; any thread; cost of a load. */
PARASOL_API const char *parasol_version(void);

#ifdef __cplusplus
}
#endif
#endif
