package io.varve.web;

import java.util.List;

/// A list, as every answer with more than one thing has it.
public record Items<T>(List<T> items) {}
