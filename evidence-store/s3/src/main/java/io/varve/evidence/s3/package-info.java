/// Objects in S3 and what speaks its protocol, through the MinIO client.
@NullMarked
package io.varve.evidence.s3;

import org.jspecify.annotations.NullMarked;
