'use client'
import type { KindView } from '../../app/kind-view.ts'
import { Editor } from './editor/editor.tsx'
import type { CsvParams } from './params.ts'

export const view: KindView<CsvParams> = { Editor }
