/// Objects in Azure Blob Storage.
@NullMarked
package io.varve.evidence.azure;

import org.jspecify.annotations.NullMarked;
