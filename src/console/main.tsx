import { QueryClientProvider } from '@tanstack/react-query'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { createQueries } from './queries.ts'
import { resumeSession } from './session.ts'

const place = document.getElementById('console')
if (place === null) throw new Error('console.html has no element "console"')

createRoot(place).render(
  <QueryClientProvider client={createQueries()}>
    <App />
  </QueryClientProvider>,
)
void resumeSession()
