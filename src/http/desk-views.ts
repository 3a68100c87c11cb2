import { removeView, saveView } from '../app/saved-views.ts'
import { ROLES, type Store } from '../app/ports.ts'
import { SavedViewBody, ViewNameBody, ViewsAnswer } from './desk-schema.ts'
import { Nothing, type Route, type RouteMaker } from './route.ts'

/** The filters of the queue that an agent keeps under names, wherever they log in. */
export function createDeskViewRoutes(make: RouteMaker, { store }: { readonly store: Store }): Route[] {
  const answer = { status: 200, type: 'application/json', schema: ViewsAnswer }
  return [
    make.forStaff(
      ROLES,
      {
        method: 'get',
        path: '/desk/v1/views',
        summary: 'The views this agent has saved',
        body: Nothing,
        query: Nothing,
        answer,
      },
      async (_call, { member }) => ({ status: 200, json: { views: await store.listViews(member.id) } }),
    ),
    make.forStaff(
      ROLES,
      {
        method: 'post',
        path: '/desk/v1/views',
        summary: 'Saves a view, in the place of one with the same name',
        body: SavedViewBody,
        query: Nothing,
        answer,
      },
      async ({ body }, viewer) => ({ status: 200, json: { views: await saveView(store, viewer, body) } }),
    ),
    make.forStaff(
      ROLES,
      {
        method: 'post',
        path: '/desk/v1/views/remove',
        summary: 'Removes a saved view',
        body: ViewNameBody,
        query: Nothing,
        answer,
      },
      async ({ body }, viewer) => ({
        status: 200,
        json: { views: await removeView(store, viewer, body.name) },
      }),
    ),
  ]
}
