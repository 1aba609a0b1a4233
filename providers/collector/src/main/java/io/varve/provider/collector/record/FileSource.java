package io.varve.provider.collector.record;

import io.varve.provider.ProviderException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// Files that a cloud keeps of a captured thing and that belong together: they become one part of the archive.
public interface FileSource {
    /// Where they lie in the archive, unique in it, e.g. `varve/cloud/aws/function/versions/7.json`.
    String path();

    /// Name of it in `varve/outcomes.jsonl`, e.g. `AwsLambdaCode`.
    String artifact();

    /// @throws ProviderException REFUSED, FORBIDDEN or NOT_FOUND when these files cannot be had: others can
    void read(Files files) throws ProviderException, InterruptedException, IOException;

    /// Takes files.
    interface Files {
        /// Where a file can lie until it is taken.
        Path scratch();

        /// The member of the archive that holds these bytes already.
        ///
        /// @param sha256 hexadecimal, lower case
        Optional<String> holding(String sha256);

        /// Says how far it is, and stops a capture that is cancelled or late.
        void progress(String text) throws ProviderException;

        /// @param content becomes JSON
        void json(String member, Object content) throws IOException;

        void file(String member, Path content) throws IOException;

        /// Something that is not in the archive, and why.
        void missing(String what, String reason) throws IOException;

        /// Something that the cloud refuses: an outcome and an entry of the custody log.
        void refused(String what, String reason) throws IOException;

        /// Something that is not as it should be: an outcome and an entry of the custody log.
        void differs(String what, String reason) throws IOException;
    }
}
