package io.varve.acquisition;

/// What automation may capture in one UTC day, whatever its rules say. Captures that people ask for count, and are
/// never
/// refused for it.
///
/// @param assetDaily captures of one asset
/// @param organisationDaily captures of all assets
/// @param organisationDailyBytes bytes of all assets, what is under way estimated
public record Budgets(int assetDaily, int organisationDaily, long organisationDailyBytes) {
    public static final Budgets USUAL = new Budgets(4, 200, 500_000_000_000L);
}
