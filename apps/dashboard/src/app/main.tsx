import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '../styles/tokens.css';
import '../styles/fonts.css';
import '../styles/base.css';
import '../components/field.css';
import { Toaster } from '../components/toaster.tsx';
import { queryClient } from './client.ts';
import { router } from './router.ts';
import { applyTheme } from './theme.ts';

applyTheme();

// A view's files are gone after an update, or behind the login. The router loads the page anew when
// it is the script that does not come; a style sheet that does not come must not keep it from trying.
addEventListener('vite:preloadError', (event) => {
  if (event.payload.message.startsWith('Unable to preload CSS')) event.preventDefault();
});

const root = document.querySelector('#root');
if (root === null) throw new Error('index.html has no #root');

createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={queryClient}>
      <RouterProvider router={router} />
      <Toaster />
    </QueryClientProvider>
  </StrictMode>,
);
