// Carries the precompiled header of the tests; holds nothing itself.
