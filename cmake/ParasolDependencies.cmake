# Finds the libraries that Parasol is built on. Installed with the package
# too, because who links libparasol.a needs them again. A library that is not
# found is not an error here: the caller asks for what it needs.

include(CMakeFindDependencyMacro)
find_package(Threads QUIET)
find_package(ZLIB QUIET)

# parasol_dependency(NAME HEADER): the imported target parasol_dep::NAME.
function(parasol_dependency name header)
    if(TARGET parasol_dep::${name})
        return()
    endif()
    string(TOUPPER PARASOL_${name} upper)
    find_path(${upper}_INCLUDE_DIR ${header} PATH_SUFFIXES ${name})
    find_library(${upper}_LIBRARY ${name})
    mark_as_advanced(${upper}_INCLUDE_DIR ${upper}_LIBRARY)
    if(${upper}_INCLUDE_DIR AND ${upper}_LIBRARY)
        add_library(parasol_dep::${name} UNKNOWN IMPORTED)
        set_target_properties(parasol_dep::${name} PROPERTIES
            IMPORTED_LOCATION "${${upper}_LIBRARY}"
            INTERFACE_INCLUDE_DIRECTORIES "${${upper}_INCLUDE_DIR}")
    endif()
endfunction()

parasol_dependency(stemmer libstemmer.h)
parasol_dependency(gumbo gumbo.h)
parasol_dependency(md4c md4c.h)
parasol_dependency(uchardet uchardet.h)
parasol_dependency(zstd zstd.h)
parasol_dependency(deflate libdeflate.h)
