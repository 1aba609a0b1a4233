/// Microsoft Defender for Endpoint, Microsoft Graph security and Microsoft Sentinel.
@NullMarked
package io.varve.provider.defender;

import org.jspecify.annotations.NullMarked;
