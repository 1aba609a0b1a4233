import { Button, PasswordInput, Stack, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Navigate, useSearchParams } from 'react-router';
import { ApiError } from '@/api/client.ts';
import { session, useSignIn } from '@/api/session.ts';
import { Banner } from '@/ui/Notice.tsx';
import classes from './SignInPage.module.css';

export function SignInPage() {
  const [parameters] = useSearchParams();
  const { data: signedIn } = useQuery(session);
  const [user, setUser] = useState('');
  const [password, setPassword] = useState('');
  const signIn = useSignIn();
  if (signedIn) {
    return <Navigate to={inside(parameters.get('to'))} replace />;
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate({ user: user.trim(), password });
  };
  return (
    <div className={classes.page}>
      <form className={classes.form} onSubmit={submit} data-testid="sign-in-form">
        <h1 className={classes.title}>
          <img src="/favicon.svg" alt="" width={26} height={26} /> Varve
        </h1>
        <Stack gap="sm">
          <TextInput
            label="User"
            name="user"
            autoComplete="username"
            autoFocus
            required
            value={user}
            onChange={(event) => setUser(event.currentTarget.value)}
            data-testid="sign-in-user"
          />
          <PasswordInput
            label="Password"
            name="password"
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            data-testid="sign-in-password"
          />
          <div className={classes.problem}>
            {signIn.error && (
              <Banner tone="bad" testid="sign-in-error">
                {reason(signIn.error)}
              </Banner>
            )}
          </div>
          <Button type="submit" size="sm" loading={signIn.isPending} data-testid="sign-in-submit">
            Sign in
          </Button>
        </Stack>
      </form>
    </div>
  );
}

function reason(error: Error): string {
  return error instanceof ApiError && error.status === 401 ? 'User or password is wrong.' : error.message;
}

/** A path of our own only: the address bar must not send anybody elsewhere. */
function inside(path: string | null): string {
  return path && /^\/[^/\\]/.test(path) ? path : '/incidents';
}
