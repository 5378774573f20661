def add(a, b):
    return a + b  # MZ and ELF are only words here
